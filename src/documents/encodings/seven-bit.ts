import { likeness } from './likeness.ts'

/**
 * Texts of plain ASCII bytes that stand for other letters: ISO-2022-JP, -KR and -CN, which say so by escapes, HZ and UTF-7. Undefined for what
 * is none of them.
 */
export function decodeSevenBit(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (['\u001b$', '\u001b(J', '\u001b(I'].some((sign) => buffer.includes(sign, 0, 'latin1'))) {
    if (buffer.includes('\u001b$)C', 0, 'latin1')) return shifted(buffer, 'euc-kr')
    if (buffer.includes('\u001b$)A', 0, 'latin1')) return shifted(buffer, 'gb18030')
    if (/\u001b\$(?:[@B]|\([@BDOPQ])|\u001b\([JI]/.test(buffer.toString('latin1'))) return new TextDecoder('iso-2022-jp').decode(bytes)
  }
  return isHz(buffer) ? fromHz(buffer) : fromUtf7(buffer)
}

/** Between the signs 14 and 15 each two bytes are a character, without their high bits. */
function shifted(buffer: Buffer, encoding: string): string {
  const raised = Buffer.from(buffer.toString('latin1').replaceAll(/\u001b\$\)[AC]/g, ''), 'latin1')
  const bytes: number[] = []
  let shift = false
  for (const byte of raised) {
    if (byte === 14) shift = true
    else if (byte === 15) shift = false
    else {
      if (byte === 10) shift = false
      bytes.push(shift && byte > 32 && byte < 127 ? byte | 0x80 : byte)
    }
  }
  return new TextDecoder(encoding).decode(Uint8Array.from(bytes))
}

/** `~{` begins characters of two bytes, `~}` ends them; `~~` is a tilde. Taken for HZ only where all that stands between is of its set. */
function isHz(buffer: Buffer): boolean {
  if (!buffer.includes('~{') || !buffer.includes('~}') || buffer.some((byte) => byte >= 0x80)) return false
  const runs = [...buffer.toString('latin1').matchAll(/~\{([^\n]*?)(~\}|\n|$)/g)]
  return runs.length > 0 && runs.every(([, run = '']) => run.length > 0 && run.length % 2 === 0 && /^(?:[!-w][!-~])+$/.test(run))
}

function fromHz(buffer: Buffer): string {
  const text = buffer.toString('latin1').replaceAll(/~\{([^\n]*?)(?:~\}|(?=\n)|$)|~~|~\n/g, (whole, run: string | undefined) => {
    if (run === undefined) return whole === '~~' ? '~' : ''
    return Buffer.from(Buffer.from(run, 'latin1').map((byte) => byte | 0x80)).toString('latin1')
  })
  return new TextDecoder('gb18030').decode(Buffer.from(text, 'latin1'))
}

/** `+` begins characters of UTF-16 in base 64, `-` may end them; `+-` is a plus. */
const utf7Run = /\+([A-Za-z0-9+/]*)-?/g
const leastRuns = 2
const leastLikeness = 0.8

/** Only where each plus begins such a run, and what comes out looks like a language: plain texts and base 64 have pluses as well. */
function fromUtf7(buffer: Buffer): string | undefined {
  if (!buffer.includes('+') || buffer.some((byte) => byte >= 0x80)) return undefined
  let runs = 0
  let wrong = 0
  const text = buffer.toString('latin1').replaceAll(utf7Run, (whole, run: string) => {
    if (whole === '+-') return '+'
    runs += 1
    const bytes = Buffer.from(run, 'base64')
    const even = bytes.subarray(0, bytes.length & ~1)
    const decoded = Buffer.from(even).swap16().toString('utf16le')
    // The bits that are left over are zeros, and no characters of ASCII but signs need a run.
    const isRight = run.length > 0 && even.toString('base64').replaceAll('=', '') === run && !/[A-Za-z0-9]/.test(decoded)
    if (!isRight) wrong += 1
    return decoded
  })
  return wrong === 0 && runs >= leastRuns && likeness(text) >= leastLikeness ? text : undefined
}
