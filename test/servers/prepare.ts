import { findChromium } from './chromium.ts'
import { isUnavailable } from './require-server.ts'
import { startMongo } from './mongo.ts'
import { startQdrant } from './qdrant.ts'
import { startTemporal } from './temporal.ts'

/**
 * Finds, fetches or builds the servers that the tests need and starts each once, and a browser, so that no test waits for that. What was
 * taken is printed; exit status 1 where one can't be had.
 */
const temporal = await startTemporal()
console.log(`Temporal: ${temporal.source}`)
await temporal.stop()

const servers = [await startMongo(), await startQdrant()]
for (const server of servers) {
  if (isUnavailable(server)) console.error(`unavailable: ${server.unavailable}`)
  else await server.stop()
}
const browser = await findChromium({ install: true })
console[isUnavailable(browser) ? 'error' : 'log'](isUnavailable(browser) ? `unavailable: ${browser.unavailable}` : `browser: ${browser.path}`)
process.exitCode = [...servers, browser].some(isUnavailable) ? 1 : 0
