import { describe, expect, test } from 'vitest'
import { textIn } from './parse-document.ts'

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')
const inLog = async (...pieces: readonly (string | Buffer)[]): Promise<string> => textIn('a.log', Buffer.concat(pieces.map((piece) => Buffer.from(piece))))

describe('lines of UTF-16 that a program has put behind those of UTF-8 are read', () => {
  test.each([
    ['Cyrillic', 'Маяк горит всю ночь.\n'],
    ['Chinese', '灯塔整夜亮着。 ok\n'],
  ])('wherever a line of %s letters is cut where its encoding is told [documents:load documents:faithful]', async (_, line) => {
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const narrow = `${before}${line.repeat(30)}`
      expect(await inLog(narrow, wide('one line more\r\n'))).toBe(`${narrow}one line more`)
    }
  })

  test('with their mark behind the first words [documents:load documents:faithful]', async () => {
    expect(await inLog('line one é\n', wide('\ufeffline two é\r\n'), 'line three\n')).toBe('line one é\nline two é\nline three')
    expect(await inLog('one\n', wide('\ufeffline two\r\n'))).toBe('one\nline two')
    expect(await inLog('line one\n', wide('\ufeffМаяк горит\r\n'), 'line three\n')).toBe('line one\nМаяк горит\nline three')
  })

  test('with letters and signs of other blocks among their Latin letters, or before them [documents:load documents:faithful]', async () => {
    for (const line of ['It doesn’t exist — the file “lamp”…', '“Lamps” are lit', '— a dash, then words', 'Fehler: Файл не найден in lamp.txt', 'A smile 😀 and 5 € for it', '亮 lamp 灯塔整夜亮着']) {
      expect(await inLog('line one\n', wide(`${line}\r\nnext line\r\n`), 'line four is long enough\nline 5\n', wide(`${line}\r\n`))).toBe(`line one\n${line}\nnext line\nline four is long enough\nline 5\n${line}`)
    }
    const lines = ['first line', '— the second —', '“third”', 'fourth']
    expect(await inLog('line one\n', wide(`${lines.join('\r\n')}\r\n`), 'Жар последней строки\n')).toBe(['line one', ...lines, 'Жар последней строки'].join('\n'))
  })
})
