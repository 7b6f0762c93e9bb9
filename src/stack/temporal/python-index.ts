import { Parser } from 'htmlparser2'
import { z } from 'zod'
import type { Environment } from '../../config/config.ts'
import { get } from './https.ts'

const standardIndex = 'https://pypi.org/simple'
const json = 'application/vnd.pypi.simple.v1+json'
const pageSchema = z.object({ files: z.array(z.object({ url: z.string() })) })

/** The index from which pip and uv take Python packages here, as far as the environment says so. */
export function pythonIndex(env: Environment): string {
  return [env.PIP_INDEX_URL, env.UV_DEFAULT_INDEX, env.UV_INDEX_URL].find((index) => index !== undefined && index !== '') ?? standardIndex
}

export interface WantedFile {
  readonly index: string
  readonly project: string
  readonly filename: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Where the index has a file of a project. Mirrors differ in what they speak, JSON or a page of links, and in where their files lie.
 * @throws Error where there is no such file
 */
export async function fileAddress({ index, project, filename, signal }: WantedFile): Promise<string> {
  const page = new URL(`${index.replace(/\/+$/, '')}/${project}/`)
  const answer = await get(page.href, { headers: { accept: `${json}, text/html;q=0.5` }, signal })
  const body = await answer.text()
  const links = answer.headers.get('content-type')?.includes('json') === true ? filesOf(body) : linksOf(body)
  const file = links.map((link) => new URL(link, page)).find(({ pathname }) => decodeURIComponent(pathname).endsWith(`/${filename}`))
  if (file === undefined) throw new Error(`${page.host} has no ${filename}`)
  if (file.host === page.host && file.protocol === page.protocol) Object.assign(file, { username: page.username, password: page.password })
  return file.href
}

function filesOf(body: string): string[] {
  return pageSchema.parse(JSON.parse(body)).files.map(({ url }) => url)
}

function linksOf(body: string): string[] {
  const links: string[] = []
  const parser = new Parser({ onopentag: (name, { href }) => name === 'a' && href !== undefined && links.push(href) })
  parser.end(body)
  return links
}
