import { simulatedModelName } from '../config/config.ts'
import { serveModel } from '../simulated/server/serve.ts'
import { simulatedEmbedder, simulatedModel } from '../simulated/index.ts'
import { PerdureError } from '../protocol/errors.ts'
import { readyLines } from '../config/ready-lines.ts'
import { untilTerminated } from './until-terminated.ts'

/** Until SIGINT or SIGTERM. @throws PerdureError `port-busy` */
export async function serveSimulatedModel(port: number): Promise<void> {
  const served = await serveModel({ model: simulatedModel(), embedder: simulatedEmbedder(), modelNames: [simulatedModelName], port }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new PerdureError('port-busy', `port ${port} is taken; name another one by --port, or none`, { cause: error })
    }
    throw error
  })
  console.log(`${readyLines.model} at ${served.url}`)
  await untilTerminated()
  await served.close()
}
