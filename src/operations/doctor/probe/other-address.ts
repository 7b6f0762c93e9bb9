import { endpointOf, type EndpointSettings } from '../../../model/openai/client.ts'
import { withinTime } from '../../../model/within-time.ts'
import { listedModels } from './listed-models.ts'

/** Behind the path that is set, or in its place: of most, of gateways, of Gemini and Azure. */
const paths = (path: string): readonly string[] => [`${path}/v1`, `${path}/openai`, `${path}/openai/v1`, `${path}/api/v1`, '/v1', '/api/v1', '/openai/v1']

/** Milliseconds for each. */
const limitMs = 3_000

/** Where on the same server, in place of a path at which nothing is, models are listed: by one small request for each place. */
export async function otherAddress(settings: EndpointSettings & { readonly baseURL: string; readonly model: string }, signal: AbortSignal): Promise<string | undefined> {
  const url = new URL(settings.baseURL)
  const own = url.pathname.replace(/\/+$/, '')
  const found = await Promise.all(
    [...new Set(paths(own))].filter((path) => path !== own).map(async (path) => {
      const baseURL = Object.assign(new URL(url), { pathname: path }).href
      try {
        const list = await withinTime(limitMs, signal, (within) => listedModels(endpointOf({ ...settings, baseURL }), settings.model, within))
        return list === undefined || list.names.length === 0 ? undefined : `${url.origin}${path}`
      } catch {
        return undefined
      }
    }),
  )
  return found.find((address) => address !== undefined)
}
