import { PerdureError } from '../../protocol/errors.ts'

interface Rule {
  readonly allows: (value: string) => boolean
  readonly right: string
}

const primary: Rule = { allows: (value) => value === 'primary', right: 'reads go to the primary' }
const never = (right: string): Rule => ({ allows: () => false, right })
const noTimeLimit: Rule = {
  allows: (value) => value === '0',
  right: 'a write waits for the majority as long as its connection lives (socketTimeoutMS), as one that gave up may be undone later',
}
const journaled: Rule = { allows: (value) => value !== 'false', right: 'a write is in the journal when it returns' }

/** Settings of the URI on which a guarantee rests: a store that has told of a write has to find it again, also after a failover. */
const rules: Readonly<Record<string, Rule>> = {
  readpreference: primary,
  readpreferencetags: never('reads go to the primary'),
  maxstalenessseconds: never('reads go to the primary'),
  retrywrites: { allows: (value) => value === 'true', right: 'the driver repeats a write that a failover has broken off' },
  w: { allows: (value) => value === 'majority', right: 'a write is acknowledged by the majority' },
  journal: journaled,
  j: journaled,
  wtimeoutms: noTimeLimit,
  wtimeout: noTimeLimit,
  readconcernlevel: { allows: (value) => ['local', 'majority', 'linearizable'].includes(value), right: 'reads are of concern local, majority or linearizable' },
}

/**
 * Refuses what contradicts a guarantee, instead of passing over it in silence. All else in the URI is the operator's word.
 * @throws PerdureError `config-invalid` naming the setting and its value, nothing else of the URI
 */
export function assertUriKeepsGuarantees(uri: string): void {
  const query = /\?([^#]*)$/.exec(uri)?.[1] ?? ''
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = pair.split('=')
    const rule = Object.hasOwn(rules, name.toLowerCase()) ? rules[name.toLowerCase()] : undefined
    if (rule === undefined || rule.allows(value.toLowerCase())) continue
    throw new PerdureError('config-invalid', `MONGODB_URI sets ${name}=${value}, and agents' memory rests on another setting: ${rule.right}. Leave ${name} out of it`)
  }
}

/** The database named in the URI, else `perdure`. Not by `URL`, which refuses several hosts; and the driver does not tell "none named" from "test". */
export function databaseNameOf(uri: string): string {
  const name = /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1]
  return name === undefined ? 'perdure' : decodeURIComponent(name)
}
