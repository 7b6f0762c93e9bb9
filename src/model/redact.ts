const looksLikeAKey = [
  /\bBearer\s+[^\s"',;]+/gi,
  /\b(?:sk|pk|rk|gsk|xai|hf|r8|nvapi|AIza|AKIA)[-_A-Za-z0-9*]{6,}/g,
  /(?<=\bapi[-_ ]?key["']?\s*[=:]\s*["']?)[^\s"',;]{4,}/gi,
  /(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g,
]

/** What people write in place of a key for a server that asks for none, in small letters: these are words of its texts too. */
const placeholders = new Set(['none', 'null', 'empty', 'test', 'dummy', 'fake', 'local', 'ollama', 'vllm', 'llama', 'llama.cpp', 'lm-studio', 'lmstudio', 'litellm', 'openai', 'api-key', 'apikey', 'unused', 'ignored', 'not-needed', 'no-key', 'no-key-required', 'placeholder', 'anything'])

/**
 * Takes out of a provider's text everything that looks like a key, and the given secrets. A key of unknown shape is taken out only if it is
 * among `secrets`, so callers that have a key pass it.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length >= 4 && !placeholders.has(secret.toLowerCase())).reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
  return looksLikeAKey.reduce((rest, pattern) => rest.replace(pattern, '[redacted]'), known)
}
