import { InvalidArgumentError, type Command } from 'commander'
import { simulatedModelName } from '../config.ts'
import { readyLines } from '../local/ready-checks.ts'
import { serveModel } from '../model/serve.ts'
import { simulatedEmbedder, simulatedModel } from '../model/simulated/index.ts'
import { PerdureError } from '../protocol/errors.ts'

export function addSimulatedModelCommand(program: Command): void {
  program
    .command('simulated-model')
    .description('serve the simulated model to OpenAI clients on this machine, until interrupted')
    .option('--port <number>', 'port to listen on; any free one if not given', readPort, 0)
    .action(({ port }: { readonly port: number }) => serveUntilAsked(port))
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535.')
}

async function serveUntilAsked(port: number): Promise<void> {
  const served = await serveModel({ model: simulatedModel(), embedder: simulatedEmbedder(), modelNames: [simulatedModelName], port }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new PerdureError('port-busy', `port ${port} is taken; name another one by --port, or none`, { cause: error })
    }
    throw error
  })
  console.log(`${readyLines.model} at ${served.url}`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await served.close()
}
