import { describe, expect, test } from 'vitest'
import { textIn } from './parse-document.ts'

describe('the sign that parts a table into columns', () => {
  test.each([
    ['times', '2024-01-01T12:30:00Z\n2024-01-02T13:30:00Z\n2024-01-03T14:30:00Z'],
    ['clock times under a name', 'start:of:day\n12:30:00\n13:30:00'],
    ['addresses of network cards', '00:1b:44:11:3a:b7\naa:bb:cc:dd:ee:ff\n00:1b:44:11:3a:b9'],
    ['messages with two colons', 'error: lamp: out\nwarning: oil: low\nerror: wick: burnt'],
    ['paths of a home', '~/notes.txt\n~/plans.txt\n~/lamps.txt'],
    ['copies that editors keep', 'notes.txt~\nplans.txt~\nlamps.txt~'],
    ['short names of DOS', 'PROGRA~1\nDOCUME~1\nLAMPS~1'],
    ['powers', 'x^2\ny^2\nz^2'],
    ['spans', 'Mon~Fri\nSat~Sun'],
  ])('is none that is part of what the lines of a list say: %s [documents:load]', async (_, list) => {
    const [first, ...others] = list.split('\n')
    expect(await textIn('a.csv', `${list}\n`)).toBe(others.map((line) => `${first}: ${line}`).join('\n'))
  })

  test('may be a rare one, with text on both sides of it, under names [documents:load]', async () => {
    for (const sign of ['^', '~', '¦', '\u0001', '\u001f']) expect(await textIn('a.csv', `name${sign}age${sign}town\nAda${sign}${sign}Rye\n`)).toBe('name: Ada; age: ; town: Rye')
    expect(await textIn('a.csv', '3.5\u00014.5\n5.5\u00016.5\n')).toBe('column 1: 3.5; column 2: 4.5\ncolumn 1: 5.5; column 2: 6.5')
  })

  test('costs little to find, however many tabs or blanks stand in a row [documents:load]', async () => {
    const started = Date.now()
    for (const blanks of ['\t'.repeat(90_000), `sep= \n${' '.repeat(90_000)}`]) await textIn('a.csv', `${blanks}x\na\tb\n`).catch(() => undefined)
    expect(Date.now() - started).toBeLessThan(3_000)
  })
})
