const looksLikeAKey = [
  /\bBearer\s+[^\s"',;]+/gi,
  /\b(?:sk|pk|rk|gsk|xai|hf|r8|nvapi|AIza|AKIA)[-_A-Za-z0-9*]{6,}/g,
  /(?<=\bapi[-_ ]?key["']?\s*[=:]\s*["']?)[^\s"',;]{4,}/gi,
  /(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g,
]

/**
 * A provider's text without what looks like a key, and without the given secrets. A key of unknown shape that is not among
 * `secrets` would pass: who has the key hands it over.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length >= 4).reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
  return looksLikeAKey.reduce((rest, pattern) => rest.replace(pattern, '[redacted]'), known)
}
