import type { Environment } from '../../config/config.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { stackStatus } from '../../stack/stack-status.ts'
import { failure, warning, type Check, type DoctorContext, type Finding, type Level } from './check.ts'
import { checks as allChecks } from './checks.ts'
import { secretsIn, withoutSecrets } from './secrets.ts'
import { usableConfig } from './usable-config.ts'

export interface Examined {
  readonly check: string
  readonly level: Level
  readonly findings: readonly Finding[]
}

export interface Diagnosis {
  /** True without a failure; warnings may be there. */
  readonly healthy: boolean
  readonly examined: readonly Examined[]
  /** The exit status of the failure that matters most: settings first, then servers, then anything else. */
  readonly failure?: Check['failure']
}

export interface ExamineOptions {
  readonly env: Environment
  /** Names of checks to leave out. */
  readonly without?: readonly string[]
  /** Milliseconds for each check. Default: what the check says, else 7,500. */
  readonly limitMs?: number
  readonly checks?: readonly Check[]
}

/**
 * Looks at everything side by side, each check within its time. No setting, server or file makes it throw, and no secret of the
 * settings is in what it returns.
 */
export async function examine({ env, without = [], limitMs, checks = allChecks }: ExamineOptions): Promise<Diagnosis> {
  const { config, settings, problems, unusable } = usableConfig(env)
  const context: DoctorContext = { env: settings.env, settings, config, problems, stack: stackStatus(config) }
  const secrets = secretsIn(settings.env)
  const chosen = checks.filter((check) => !without.includes(check.name) && (check.applies?.(context) ?? true))
  const examined = await Promise.all(
    chosen.map(async (check): Promise<Examined> => {
      const missing = check.settings.filter((name) => unusable.has(name))
      const findings = missing.length > 0 ? [notChecked(missing)] : await findingsOf(check, context, limitMs ?? check.limitMs ?? usualLimitMs)
      return { check: check.name, level: worst(findings), findings: findings.map((finding) => clean(finding, secrets)) }
    }),
  )
  const failed = new Set(examined.filter(({ level }) => level === 'failure').map(({ check }) => check))
  const kinds = chosen.filter(({ name }) => failed.has(name)).map((check) => check.failure)
  const kind = (['usage', 'unavailable', 'failure'] as const).find((candidate) => kinds.includes(candidate))
  return { healthy: kind === undefined, examined, ...(kind !== undefined && { failure: kind }) }
}

const usualLimitMs = 7_500

const notChecked = (names: readonly string[]): Finding => warning(`not looked at, as ${names.join(' and ')} can't be used`, 'correct the settings first')

async function findingsOf(check: Check, context: DoctorContext, limitMs: number): Promise<readonly Finding[]> {
  const limit = new AbortController()
  const late = new Promise<readonly Finding[]>((resolve) => {
    const timer = setTimeout(() => {
      limit.abort()
      // A check that notices the abort may still report its findings.
      setTimeout(() => resolve([failure(`no answer within ${limitMs / 1_000} seconds`, 'see whether it is overloaded, or the address leads nowhere')]), 250).unref()
    }, limitMs)
    timer.unref()
  })
  const found = check.run(context, limit.signal).catch((error: unknown) => [thrown(error, check)])
  return Promise.race([found, late])
}

/** An error of ours says itself what would be right. */
function thrown(error: unknown, { failure: kind }: Check): Finding {
  if (PerdureError.isInstance(error)) return { level: 'failure', found: error.message }
  return failure(messageOf(error), kind === 'unavailable' ? 'start it, or correct its settings' : 'see what the text says')
}

const order: readonly Level[] = ['ok', 'warning', 'failure']
const worst = (findings: readonly Finding[]): Level => order[Math.max(0, ...findings.map(({ level }) => order.indexOf(level)))] ?? 'ok'

const clean = (finding: Finding, secrets: readonly string[]): Finding => ({
  ...finding,
  found: withoutSecrets(finding.found, secrets),
  ...(finding.advice !== undefined && { advice: withoutSecrets(finding.advice, secrets) }),
})
