import { MongoClient } from 'mongodb'
import { PerdureError, messageOf } from '../../protocol/errors.ts'
import { assertUriKeepsGuarantees } from './uri.ts'

/**
 * Connects, and proves it by a command.
 * @throws PerdureError `config-invalid` for a URI that is none, or that sets what a guarantee forbids, `server-unavailable` naming the hosts, never the password
 */
export async function connectMongo(uri: string): Promise<{ client: MongoClient; hosts: string; redact: (text: string) => string }> {
  const client = clientOf(uri)
  const redact = (text: string): string => withoutPassword(text, client)
  const hosts = client.options.srvHost ?? client.options.hosts.map(String).join(', ')
  try {
    await client.connect()
    await client.db('admin').command({ ping: 1 })
    return { client, hosts, redact }
  } catch (error) {
    await client.close().catch(() => undefined)
    throw new PerdureError(
      'server-unavailable',
      `MongoDB at ${hosts} cannot be used: ${redact(messageOf(error))}. Start it, or correct MONGODB_URI (host, port, user, password)`,
    )
  }
}

/**
 * A server that has become silent, its connections open, is noticed by the driver's monitor within `heartbeatFrequencyMS` and
 * `connectTimeoutMS`; then what waits for it fails. One connection that has gone silent alone fails after `socketTimeoutMS`.
 */
const silence = { serverSelectionTimeoutMS: 5_000, heartbeatFrequencyMS: 5_000, connectTimeoutMS: 5_000, socketTimeoutMS: 30_000 }

/** Settings in the URI are the operator's, and count before ours. */
function unlessNamed<Options extends object>(uri: string, options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !new RegExp(`[?&]${name}=`, 'i').test(uri))) as Partial<Options>
}

function clientOf(uri: string): MongoClient {
  assertUriKeepsGuarantees(uri)
  try {
    return new MongoClient(uri, {
      // A write that returned survives the loss of the primary, or of the machine's power.
      writeConcern: { w: 'majority', journal: true },
      retryWrites: true,
      ...unlessNamed(uri, silence),
      // Optional fields that are undefined are absent, as in the types.
      ignoreUndefined: true,
      appName: 'perdure',
    })
  } catch (error) {
    // The driver's text may quote the URI, and with it the password.
    throw new PerdureError('config-invalid', `MONGODB_URI is not a MongoDB connection string: ${whatIsRight(uri, messageOf(error))}`)
  }
}

function whatIsRight(uri: string, said: string): string {
  const option = /^options? (\w+)(?:, \w+)* (?:is|are) not supported$/.exec(said)?.[1]
  if (option !== undefined) return `it has an option ${option}, which there is not`
  if (/^mongodb\+srv:/.test(uri) && /port/i.test(said)) return 'behind mongodb+srv:// a host has no port: leave it out, or begin with mongodb://'
  if (/Unable to parse|port \(zero\)/i.test(said) && hasWrongPort(uri)) return 'a port is a number from 1 to 65535'
  if (uri.includes('@') && /URI malformed|unescaped|Unable to parse|Invalid connection string/i.test(said)) return 'write each sign of user and password that is none of a-z, 0-9, "-", "." and "_" by its number, like %40 for @, %2F for / and %25 for %'
  if (uri.includes('?') && !/Invalid connection string|host list|userinfo/i.test(said)) return 'one of its options has a value that cannot be'
  return 'it should look like mongodb://user:password@host:27017'
}

function hasWrongPort(uri: string): boolean {
  const [hosts = ''] = uri.replace(/^[^/]*\/\//, '').replace(/^.*@/, '').split(/[/?]/)
  const ports = hosts.split(',').flatMap((host) => /:([^:\]]*)$/.exec(host)?.[1] ?? [])
  return ports.some((port) => !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
}

/** The driver names hosts, not passwords; this holds it to that. */
function withoutPassword(text: string, client: MongoClient): string {
  const password = client.options.credentials?.password
  return password ? text.replaceAll(password, '***').replaceAll(encodeURIComponent(password), '***') : text
}
