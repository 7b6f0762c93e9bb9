import { failure, ok, type Check, type Finding } from '../check.ts'

const oldest = [20, 19] as const

export const nodeVersion: Check = {
  name: 'Node.js',
  settings: [],
  failure: 'failure',
  run: () => Promise.resolve([ofVersion(process.versions.node)]),
}

export function ofVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return ok(version)
  return failure(`${version} is too old`, `install Node.js ${oldest.join('.')} or newer`)
}
