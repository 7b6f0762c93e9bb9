import type { Command } from 'commander'
import type { Client } from '@temporalio/client'
import { encryptedDataConverter } from '../../codec/data-converter.ts'
import { readConfig } from '../../config/config.ts'
import { openTemporal } from '../../connect.ts'
import { buildsOf, rampBuild, setCurrentBuild, type BuildView } from '../../operations/deployments.ts'
import { runningServer } from '../../stack/running-server.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { asJson, type JsonOption } from '../output/json-lines.ts'
import { columns } from '../output/columns.ts'
import { shortTime } from '../output/text.ts'
import { wholeNumber } from '../slash/command.ts'

/** `deploy list`, `deploy current`, `deploy ramp`: which version of the workers agents run on. */
export function addDeployCommand(program: Command): void {
  const deploy = program.command('deploy').description('versions of workers (PERDURE_DEPLOYMENT): which one agents run on')
  asJson(deploy.command('list').description('the builds that the server knows, and the share of agents that each gets')).action(({ json }: JsonOption) =>
    withDeployment(async ({ temporal, name }) => {
      const builds = await buildsOf(temporal, name)
      return json === true ? builds.map((build) => JSON.stringify(build)) : buildLines(builds)
    }),
  )
  deploy
    .command('current')
    .argument('[build]', "default: this installation's own")
    .option('--none', 'back to workers without a version')
    .description('lets all agents go on with a build, from their next step on')
    .action((build: string | undefined, { none }: { readonly none?: true }) =>
      withDeployment(async ({ temporal, name, own }) => {
        const buildId = none === true ? undefined : (build ?? (await own()))
        await setCurrentBuild(temporal, name, buildId)
        return [buildId === undefined ? `Agents go on with workers that have no version.` : `Agents go on with build ${buildId} of ${name}.`]
      }),
    )
  deploy
    .command('ramp')
    .argument('<build>')
    .argument('<percent>', '0 takes the build out again')
    .description('lets a share of the agents go on with a build before it is current')
    .action((build: string, percent: string) =>
      withDeployment(async ({ temporal, name }) => {
        const share = percent === '0' ? 0 : wholeNumber(percent, 100)
        await rampBuild(temporal, name, build, share)
        return [share === 0 ? `Build ${build} gets no share of the agents any more.` : `${share} % of the agents go on with build ${build} of ${name}.`]
      }),
    )
}

interface DeploymentInForce {
  readonly temporal: Client
  readonly name: string
  /** Build id of a worker of this installation. */
  readonly own: () => Promise<string>
}

async function withDeployment(use: (deployment: DeploymentInForce) => Promise<readonly string[]>): Promise<void> {
  const config = readConfig(process.env)
  const { deployment } = config
  if (deployment === undefined) throw invalidArgument('workers here have no version; set PERDURE_DEPLOYMENT to the name of their deployment, for workers and for this command')
  const temporal = await openTemporal(config, runningServer(config))
  const own = async (): Promise<string> => {
    if (deployment.buildId !== undefined) return deployment.buildId
    const dataConverter = encryptedDataConverter(config.encryption)
    const [{ ownBuildId }, { workflowSource }] = await Promise.all([import('../../worker/versioned.ts'), import('../../worker/workflow-source.ts')])
    return ownBuildId(workflowSource({ workflowBundle: undefined, dataConverter }))
  }
  try {
    for (const line of await use({ temporal, name: deployment.name, own })) process.stdout.write(`${line}\n`)
  } finally {
    await temporal.connection.close()
  }
}

function buildLines(builds: readonly BuildView[]): string[] {
  if (builds.length === 0) return ['No worker of this deployment has asked for work yet.']
  return columns([['BUILD', 'STATUS', 'AGENTS', 'SINCE'], ...builds.map(({ buildId, status, share, since }) => [buildId, status, `${share} %`, shortTime(since)])])
}
