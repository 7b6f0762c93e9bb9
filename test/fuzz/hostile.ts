import fc from 'fast-check'

/** Any sequence of UTF-16 units: NUL, control characters, halves of surrogate pairs, marks that turn the writing round. */
const anyUnits = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 40 })

/** Texts that mean something to somebody: JSON, FTS5, regular expressions, MongoDB, a shell, a terminal, a template. */
const meaningful = fc.constantFrom(
  '', ' ', '\0', '\ud800', 'a\udc00b', '\u202etxt', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '$where', '$ne', 'a.b', '{}', '[]', 'null', 'NaN', '-0', '1e999',
  'AND', 'OR NOT', 'NEAR(a b)', '"', '""', "'", '*', 'a*', '^', '(', ')', '[a-z]+', '.*', '(?:', '\\', '%', '_', '${x}', '{{x}}', '\u001b]0;x\u0007', '/exit', '//', '../..', 'e\u0301', 'ﬁ', '日本語', '👩‍👩‍👧', 'ß', 'İ',
)

/** Long ones too. */
export const hostileText = fc.oneof(
  { weight: 10, arbitrary: fc.oneof(anyUnits, meaningful, fc.string({ unit: 'binary', maxLength: 60 })) },
  { weight: 1, arbitrary: meaningful.map((text) => text.repeat(2_000)) },
  { weight: 1, arbitrary: fc.constant('x'.repeat(70_000)) },
)

/** What JSON can hold, deep or wide, with names that mean something to JavaScript. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.json({ stringUnit: 'binary' }).map((text) => JSON.parse(text) as unknown),
  fc.dictionary(hostileText, fc.oneof(hostileText, fc.double(), fc.constant(null))),
  hostileText,
  fc.integer({ min: 1, max: 1_500 }).map(nested),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown),
)

/** Nested to a depth, as a parser makes it. */
export function nested(depth: number): unknown {
  return JSON.parse(`${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`)
}

/** Objects that are right but for some of their fields. */
export function almost(right: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const fields = Object.entries(right).map(([name, value]) => [name, fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: hostileJson }, { weight: 1, arbitrary: fc.constant(undefined) })] as const)
  return fc.oneof({ weight: 6, arbitrary: fc.record(Object.fromEntries(fields)) }, { weight: 1, arbitrary: hostileJson })
}

export const isPolluted = (): boolean => 'polluted' in {}
