import type { Command } from 'commander'
import type { Diagnosis, Examined } from '../../operations/doctor/examine.ts'
import type { Finding, Level } from '../../operations/doctor/check.ts'
import { exitStatus } from '../output/exit-status.ts'
import { paletteFor, type Palette } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { counted, hanging } from '../output/text.ts'

interface DoctorOptions {
  readonly json?: true
  readonly model: boolean
}

/** `doctor`: looks at every setting and server at once, and says what to do. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at every setting, file and server at once, and say what to do; no secret is shown')
    .option('--json', 'for programs')
    .option('--no-model', "leave out the model's endpoint, which is asked a few small questions")
    .action(async ({ json, model }: DoctorOptions) => {
      const { examine } = await import('../../operations/doctor/examine.ts')
      const diagnosis = await examine({ env: process.env, without: model ? [] : ['model'] })
      const lines = json === true ? [JSON.stringify(diagnosis, undefined, 2)] : diagnosisLines(diagnosis, paletteFor(process.stdout))
      process.stdout.write(`${lines.join('\n')}\n`)
      process.exitCode = diagnosis.failure === undefined ? exitStatus.ok : exitStatus[diagnosis.failure]
    })
}

const signs: Readonly<Record<Level, { readonly sign: string; readonly paint: 'green' | 'yellow' | 'red' }>> = {
  ok: { sign: '✓', paint: 'green' },
  warning: { sign: '!', paint: 'yellow' },
  failure: { sign: '✗', paint: 'red' },
}

/** A diagnosis for a person, line by line. */
export function diagnosisLines({ examined }: Diagnosis, palette: Palette): string[] {
  const rows = examined.flatMap((check) => check.findings.map((finding, index) => ({ title: titleOf(check, finding, index), finding })))
  const width = Math.max(...rows.map(({ title }) => title.length))
  const count = (level: Level): number => rows.filter(({ finding }) => finding.level === level).length
  const failures = count('failure')
  const warnings = count('warning')
  return [
    ...rows.flatMap(({ title, finding }) => findingLines(title.padEnd(width), finding, palette)),
    '',
    failures + warnings === 0
      ? palette.green('All is well.')
      : `${failures > 0 ? palette.red(counted(failures, 'problem')) : 'No problem'}, ${warnings > 0 ? palette.yellow(counted(warnings, 'warning')) : 'no warning'}.`,
  ]
}

/** The check's name once; what else it has found stands below it. */
const titleOf = ({ check }: Examined, { about }: Finding, index: number): string => (index === 0 && about === undefined ? check : about === undefined ? '' : `  ${about}`)

function findingLines(title: string, { level, found, advice }: Finding, palette: Palette): string[] {
  const { sign, paint } = signs[level]
  const blanks = title.length + 4
  const line = `${palette[paint](sign)} ${title}  ${hanging(printable(found), blanks)}`
  return advice === undefined ? [line] : [line, `${' '.repeat(blanks)}${palette.dim('→')} ${hanging(printable(advice), blanks + 2)}`]
}
