import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { headOf } from '../../bench/begin/begin.ts'
import { aboveZero, flag, listOf, numberFrom, oneOf, readOptions, repeated, text, whole } from '../../bench/begin/options.ts'

const root = join(import.meta.dirname, '..', '..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }
const options = {
  agents: whole(50),
  passages: whole(undefined),
  think: numberFrom(0, 0),
  scale: aboveZero(1),
  stores: oneOf(['embedded', 'servers'], 'servers'),
  folder: text('a folder', undefined),
  workers: listOf(whole(1), [1, 2]),
  count: repeated('NAME=TEXT'),
  disk: flag,
}
const initial = { agents: 50, passages: undefined, think: 0, scale: 1, stores: 'servers', folder: undefined, workers: [1, 2], count: [], disk: false }

/** The script of a bench, as `npm run` runs it. */
function run(script: string, args: readonly string[]): Promise<{ readonly status: unknown; readonly output: string; readonly errors: string }> {
  const env = { ...process.env, LOCOMO: undefined }
  return new Promise((resolve) =>
    execFile(process.execPath, ['--import', 'tsx', join(root, 'bench', script), ...args], { cwd: root, env }, (error, output, errors) => resolve({ status: error === null ? 0 : error.code, output, errors })),
  )
}

test('options are read as what they are, and hold their own value where they are not given', () => {
  expect(readOptions([], options).values).toEqual(initial)
  const given = ['--agents', '7', '--passages=3', '--think', '0', '--scale', '0.1', '--stores', 'embedded', '--folder', 'here', '--workers', '4,8', '--count', 'a=b', '--count', 'c', '--disk']
  expect(readOptions(given, options).values).toEqual({ agents: 7, passages: 3, think: 0, scale: 0.1, stores: 'embedded', folder: 'here', workers: [4, 8], count: ['a=b', 'c'], disk: true })
  expect(readOptions(['turn', '--disk', 'rate'], options, ['turn', 'rate'])).toEqual({ values: { ...initial, disk: true }, names: ['turn', 'rate'] })
})

test.each([
  [['--agents', 'x'], '--agents takes a whole number of at least 1, not "x"'],
  [['--agents', 'NaN'], '--agents takes a whole number of at least 1, not "NaN"'],
  [['--agents', '0'], '--agents takes a whole number of at least 1, not "0"'],
  [['--agents', '2.5'], '--agents takes a whole number of at least 1, not "2.5"'],
  [['--agents='], '--agents takes a whole number of at least 1, not ""'],
  [['--agents'], '--agents takes a whole number of at least 1, and was given nothing'],
  [['--folder', '--disk'], '--folder takes a folder, and was given nothing'],
  [['--think', '-1'], '--think takes a number of at least 0, not "-1"'],
  [['--scale', 'Infinity'], '--scale takes a number above 0, not "Infinity"'],
  [['--stores', 'foo'], '--stores takes embedded or servers, not "foo"'],
  [['--workers', '1,'], '--workers takes a whole number of at least 1, or several with commas between, not "1,"'],
  [['--disk=no'], '--disk takes no value, and was given "no"'],
  [['--agent', '5'], 'there is no option --agent; there are --help, --agents, --passages, --think'],
  [['--toString'], 'there is no option --toString; there are --help'],
  [['-a'], 'there is no option -a; there are --help'],
  [['agents'], 'nothing but options is taken, not "agents"; --help lists them'],
])('%j is refused, with what would be right', (args, why) => {
  expect(() => readOptions(args, options)).toThrow(why)
})

test('a name that there is not is refused with those that there are', () => {
  expect(() => readOptions(['turns'], options, ['turn', 'rate'])).toThrow('there is no "turns"; there are turn, rate')
})

test('every bench reads its options before it begins, can be asked what it is, and runs in the process that is interrupted', () => {
  const benches = Object.entries(scripts).filter(([name]) => name.startsWith('bench:'))
  for (const [name, command] of benches) {
    const source = readFileSync(join(root, command.split(' ').at(-1) ?? ''), 'utf8')
    // The `tsx` command kills what does not answer a signal within a moment, and with it whoever would tidy up.
    expect(command, name).toMatch(/^node .*--import tsx bench\//)
    expect(source.search(/beginBench\(import\.meta\.url/), name).toBeGreaterThan(0)
    expect(source.slice(0, source.indexOf('beginBench(import.meta.url')), name).not.toContain('await ')
    expect(headOf(source), name).toContain(`npm run ${name}`)
  }
})

test('a bench says what is wrong in one line, and what it is where it is asked', async () => {
  const [wrong, asked] = await Promise.all([run('rate.ts', ['--agents', 'x']), run('rate.ts', ['--help'])])
  expect(wrong).toEqual({ status: 2, output: '', errors: '--agents takes a whole number of at least 1, not "x"\n' })
  expect(asked).toMatchObject({ status: 0, errors: '' })
  expect(asked.output).toMatch(/^Messages a second of many agents at once/)
  expect(asked.output).toContain('\n  npm run bench:rate -- [--agents 50]')
})

test('a bench that is left out is no success, and claims no figure of an earlier run', async () => {
  const { status, output, errors } = await run('main.ts', ['recall'])
  expect({ status, errors }).toEqual({ status: 1, errors: 'recall: left out, as LOCOMO does not say where locomo10.json is\n' })
  expect(output).not.toMatch(/reached|is written/)
})
