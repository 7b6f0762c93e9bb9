/** What a browser keeps of this page. It may refuse to, or be full: then what was to be kept lasts as long as the page. */
export function read(storage: 'local' | 'session', name: string): string | undefined {
  try {
    return (storage === 'local' ? localStorage : sessionStorage).getItem(`perdure.${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export function write(storage: 'local' | 'session', name: string, value: string | undefined): void {
  try {
    const kept = storage === 'local' ? localStorage : sessionStorage
    if (value === undefined) kept.removeItem(`perdure.${name}`)
    else kept.setItem(`perdure.${name}`, value)
  } catch {
    // As above.
  }
}
