const entity = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][\da-z]{1,31});/gi
const known = new Map<string, string>()

/**
 * The sign that a name of HTML stands for: the browser knows all of them, and what it reads here is nothing but that name. A letter
 * goes before it, and is taken off: by the rules of HTML blanks at the beginning of a document are left out, though not every browser does so.
 */
function signOf(name: string): string {
  let sign = known.get(name)
  if (sign === undefined) known.set(name, (sign = new DOMParser().parseFromString(`x${name}`, 'text/html').body.textContent.slice(1)))
  return sign
}

/** In Markdown `&lt;` is a sign like any other, beside code. */
export const withoutEntities = (text: string): string => text.replace(entity, signOf)
