import { promptExceeds } from './named-limits.ts'

const codes = new Set(['context_length_exceeded', 'exceed_context_size_error', 'context_window_exceeded', 'model_max_prompt_tokens_exceeded'])

// The words in which endpoints say that a prompt does not fit. There is no standard: several answer 400, some 413 or 500, few give a code.
const texts = [
  /ContextWindowExceededError/, // LiteLLM
  /maximum context (?:length|window)/i, // OpenAI, Azure, vLLM, OpenRouter, Mistral, DeepSeek
  /maximum (?:model|prompt|input) length/i, // vLLM, xAI
  /longer than the (?:maximum|model's) /i, // vLLM, SGLang
  /exceeds? the available context size/i, // llama.cpp
  /exceeds? context window of/i, // llama-cpp-python
  /context length of (?:only )?\d/i, // LM Studio
  /too long to fit into the model/i, // vLLM
  /tokens exceed the configured limit/i, // OpenAI
  /context size has been exceeded/i, // llama.cpp, with status 500
  /exceed(?:s|ed)? (?:the )?(?:max(?:imum)? )?(?:model )?context (?:length|window|limit|size)/i, // Ollama, Anthropic, LM Studio
  /greater than the context length/i, // LM Studio
  /context the overflows/i, // LM Studio, as it spells it
  /cannot truncate prompt with n_keep/i, // LM Studio
  /number of prompt tokens: \d+ exceeds/i, // OpenVINO
  /prompt (?:is )?too long/i, // Anthropic, Ollama
  /input is too long/i, // Bedrock
  /input token count.*exceeds/i, // Gemini
  /reduce the length of the (?:messages|prompt|input)/i, // OpenAI, Groq
  /`?inputs`? (?:tokens \+ `?max_new_tokens`? must be|must have less than)/i, // text-generation-inference
  /too many tokens: (?!max tokens)/i, // Cohere
  /exceed(?:s|ed)? (?:the )?model(?:'s)? token limit/i, // Moonshot
  /prompt exceeds max length|prompt 超长/i, // Zhipu
  /context window exceeds limit|longer than the context window/i, // MiniMax, mlx-lm
  /range of input length should be/i, // DashScope
  /input length \d+ exceeds|exceeds? max message tokens/i, // Volcengine
  /max_seq_len|max_input_len|max_num_tokens/, // SiliconFlow, TabbyAPI, TensorRT-LLM
  /request body too large for .* model/i, // GitHub Models
  /input tokens \d+ cannot exceed/i, // watsonx
  /prompt token count of \d+ exceeds/i, // Copilot
  /input token count is \d+ but/i, // Vertex AI
  /maximum supported sequence length is/i, // SambaNova
  /exceeds? (?:the )?maximum allowed token length/i, // Databricks
  /max tokens of \d+ exceeded/i, // Snowflake
  /exceeds? (?:the )?(?:`?session_len`?|token limit\b)/i, // LMDeploy, gateways
  /prompt tokens limit exceeded/i, // OpenRouter
  /too many total text bytes/i, // Bedrock
  /exceeds? (?:the )?model(?:'s)? context/i, // Chutes
  /(?:input|prompt) tokens \d+ exceeds? /i, // Baseten
  /prompt length is \d+ which exceeds/i, // Perplexity
  /length of (?:the )?prompt(?: tokens)? exceeds/i, // Hunyuan, StepFun
  /max input (?:tokens|characters) is/i, // Qianfan
  /messages length exceeds/i, // Baichuan
  /prompt \(\d+ tokens\) is too long/i, // Aphrodite
  /exceeds? (?:the )?n_ctx|context shift is disabled/i, // LocalAI, llama.cpp
  /input_ids size \(\d+\) >= max_length/i, // Foundry Local
  /input tokens must be no more than/i, // Yandex
  /input too long: \d/i, // Reka
  /context window limit|context length exceeded|PromptTooLong|context_length_exceeded/i, // Cloudflare, Writer, Replicate, Inception
  /context length is \d+ tokens\. Your request has/i, // Venice
  /input length \(\d+ tokens\) exceeds/i, // SGLang
  new RegExp(`${promptExceeds} \\(?\\d`, 'i'), // SGLang, vLLM
]

/** Whether an endpoint's error means that the prompt and the reply do not fit its context window. */
export function saysContextOverflow(failure: {
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message: string
}): boolean {
  if (failure.code !== undefined && codes.has(failure.code)) return true
  if (failure.type !== undefined && codes.has(failure.type)) return true
  return texts.some((text) => text.test(failure.message))
}
