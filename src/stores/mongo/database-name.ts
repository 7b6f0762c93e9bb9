/** The database named in the URI, else `perdure`. Not by `URL`, which refuses several hosts; and the driver does not tell "none named" from "test". */
export function databaseNameOf(uri: string): string {
  const name = /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1]
  return name === undefined ? 'perdure' : decodeURIComponent(name)
}
