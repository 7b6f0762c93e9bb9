const codes = new Set([
  'content_filter', // Azure OpenAI; Moonshot as a type
  'content_policy_violation',
  'responsibleaipolicyviolation',
  'invalid_prompt', // OpenAI's reasoning models
  'moderation_blocked',
  'data_inspection_failed', // Alibaba's DashScope
  'datainspectionfailed',
  'sensitive_words_detected', // gateways of the one-api family
  'inputtextsensitivecontentdetected', // Volcengine
  'prompt_blocked',
])

// The words in which endpoints say that they refuse what a prompt says. Each is the wording of a real endpoint.
const texts = [
  /\bfiltered due to the prompt\b|content management policy/i, // Azure OpenAI
  /ContentPolicyViolationError/, // LiteLLM
  /flagged as potentially violating/i, // OpenAI
  /request was rejected (?:as a result of|by) (?:our|the) safety system/i, // OpenAI
  /requires moderation[^]{0,80}(?:input|prompt) was flagged/i, // OpenRouter, with status 403
  /blocked by (?:the |our )?content filter/i, // Anthropic
  /Content Exists Risk/i, // DeepSeek
  /rejected because it was considered high risk/i, // Moonshot
  /may contain (?:inappropriate|sensitive) (?:content|information)/i, // DashScope, Volcengine
  /content violates usage guidelines/i, // xAI, with status 403
  /\bnew_sensitive\b/, // MiniMax
  /content you provided or machine outputted is blocked/i, // StepFun
  /blocked by content filtering policy|blocked under [^.]{0,40}usage policy/i, // Anthropic
  /prompt was blocked/i, // Gemini
  /violates? (?:our |the )?content policy|flagged by (?:our |the )?(?:content )?(?:moderation|guardrails?)/i, // gateways
  /不安全或敏感内容/, // Zhipu
  /block_?reason[^]{0,20}(?:PROHIBITED_CONTENT|SAFETY|BLOCKLIST)|\bPROHIBITED_CONTENT\b/, // Gemini
  /guardrail (?:intervened|blocked)|blocked by (?:the )?guardrail/i, // Bedrock, gateways
]

/** Whether an endpoint's error means that a content filter refuses what the prompt says: the same prompt will be refused again. */
export function saysFiltered({ code = '', type = '', message }: { readonly code?: string | undefined; readonly type?: string | undefined; readonly message: string }): boolean {
  return codes.has(code.toLowerCase()) || codes.has(type.toLowerCase()) || texts.some((text) => text.test(message))
}
