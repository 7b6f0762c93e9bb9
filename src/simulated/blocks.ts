export interface Block {
  readonly label: string
  readonly value: string
  /** Characters; 0 where the prompt does not say. */
  readonly limit: number
  readonly readOnly: boolean
}

/** The blocks of core memory, as the prompt shows them. */
export function blocksIn(prompt: string): readonly Block[] {
  return Array.from(prompt.matchAll(/<block\b([^>]*)>([^]*?)<\/block>/g), ([, attributes = '', value = '']) => ({
    label: attributeIn(attributes, 'label'),
    // Not trimmed: `core_memory_replace` has to name the old text exactly.
    value: value.replace(/^\n|\n$/g, ''),
    limit: Number(attributeIn(attributes, 'limit')) || 0,
    readOnly: /read-?_?only(?!="?false)/i.test(attributes.replace(/description="[^"]*"/, '')),
  }))
}

export function linesOf(block: Block | undefined): readonly string[] {
  return (block?.value ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function attributeIn(attributes: string, name: string): string {
  return unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
