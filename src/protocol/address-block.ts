/** Whether a host is an address of a block, as exceptions from a proxy name them: `10.0.0.0/8`, `fd00::/8`, or one address alone. Brackets of IPv6 make no difference. */
export function isInBlock(host: string, block: string): boolean {
  const [net = '', bits] = block.split('/')
  const [address, first] = [bitsOf(host), bitsOf(net)]
  if (address === undefined || address.length !== first?.length) return false
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= first.length)) return false
  return address.startsWith(first.slice(0, bits === undefined ? first.length : Number(bits)))
}

/** An address as zeros and ones; undefined for what is none. */
function bitsOf(host: string): string | undefined {
  const name = host.replaceAll(/[[\]]/g, '')
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name)?.slice(1).map(Number)
  if (bytes !== undefined) return bytes.every((byte) => byte <= 255) ? bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('') : undefined
  if (!name.includes(':') || !URL.canParse(`http://[${name}]`)) return undefined
  // In its shortest form, of numbers of sixteen bits, a row of zeros left out.
  const [before = '', after] = new URL(`http://[${name}]`).hostname.slice(1, -1).split('::')
  const [head, tail] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]]
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0')).join('')
}
