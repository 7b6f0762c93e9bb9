/** `[######--------------]`: how much of a whole is used. Anything above nothing shows, and only what is full looks full. */
export function bar(used: number, whole: number, width = 20): string {
  const share = whole > 0 ? Math.min(1, Math.max(0, used / whole)) : 0
  const marks = share === 1 ? width : Math.min(width - 1, Math.ceil(share * (width - 1)))
  return `[${'#'.repeat(marks)}${'-'.repeat(width - marks)}]`
}

export function percent(used: number, whole: number): string {
  return whole > 0 ? `${Math.round((100 * used) / whole)} %` : '0 %'
}
