import { InvalidArgumentError, type Command } from 'commander'
import { serveSimulatedModel } from '../../stack/serve-simulated-model.ts'

export function addSimulatedModelCommand(program: Command): void {
  program
    .command('simulated-model')
    .description('serve the simulated model to OpenAI clients on this machine, until interrupted')
    .option('--port <number>', 'port to listen on; any free one if not given', readPort, 0)
    .action(({ port }: { readonly port: number }) => serveSimulatedModel(port))
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535.')
}
