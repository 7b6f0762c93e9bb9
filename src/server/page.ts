import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'

/** The page as it was built: small enough to be held whole. */
export interface Page {
  readonly index: PageFile
  /** By path, as `/assets/index-Bx3f.js`. */
  readonly assets: ReadonlyMap<string, PageFile>
}

interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly zipped: Uint8Array<ArrayBuffer>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** What the build has left in that folder; undefined where there is none, as while one works on the server. */
export function readPage(folder: string): Page | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const assets = join(folder, 'assets')
  const names = readdirSync(assets).filter((name) => types[extname(name)] !== undefined)
  return { index: readFile(join(folder, 'index.html')), assets: new Map(names.map((name) => [`/assets/${name}`, readFile(join(assets, name))])) }
}

function readFile(file: string): PageFile {
  const bytes = readFileSync(file)
  return { type: types[extname(file)] ?? 'application/octet-stream', bytes: new Uint8Array(bytes), zipped: new Uint8Array(gzipSync(bytes)) }
}

/** Nothing of another host, no script and no style but the page's own files, in no frame: whatever an agent says is text here. */
const policy = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept, accept-encoding',
}

/** Each view has an address of its own, which the page itself reads. */
const isAddress = (path: string): boolean => ['/', '/agents', '/keys', '/keys/'].includes(path) || path.startsWith('/agents/')

/** What programs ask for, and the page's own files: what is not there is said as they read it. */
const isOfPrograms = (path: string): boolean => /^\/(?:api|openai|assets)(?:\/|$)/.test(path)
/** Somebody has typed the address, or followed a link to it. */
const isForReading = (accept: string | undefined): boolean => /\btext\/html\b/.test(accept ?? '')

/** Gives out the page to everybody, as it holds nothing of agents: what it shows it asks for, with a key where keys are needed. */
export function pageFiles({ index, assets }: Page): MiddlewareHandler {
  return async ({ req }, next) => {
    const asset = assets.get(req.path)
    const known = asset !== undefined || isAddress(req.path)
    // Of an address that is nowhere the page says so, and leads on: to whom reads, a problem in JSON says nothing.
    const file = asset ?? (known || (!isOfPrograms(req.path) && isForReading(req.header('accept'))) ? index : undefined)
    if (file === undefined || !['GET', 'HEAD'].includes(req.method)) return next()
    const zips = /\bgzip\b/.test(req.header('accept-encoding') ?? '')
    // A file's name has the digest of what is in it.
    const cache = asset === undefined ? 'no-cache' : 'public, max-age=31536000, immutable'
    return new Response(zips ? file.zipped : file.bytes, { status: known ? 200 : 404, headers: { ...headers, 'content-type': file.type, 'cache-control': cache, ...(zips && { 'content-encoding': 'gzip' }) } })
  }
}
