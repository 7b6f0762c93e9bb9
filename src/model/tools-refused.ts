/** 500 and 501 too: llama.cpp answers so; 200 where a failure came in the body of an answer. Never 401, 403 or 429, which are about the caller. */
const statuses = new Set([200, 400, 404, 405, 422, 500, 501])

// The words in which endpoints say that they, or the model, take no tools. Each is the wording of a real server.
const texts = [
  /(?:does not|doesn't|do not) support (?:the use of )?(?:tools|tool[ _](?:use|calls|calling)(?! in streaming)|function[ -]calling)/i, // Ollama, DeepSeek, Bedrock
  /does not support parameters: [[{]'?tools\b/i, // LiteLLM
  /tool use has not been enabled/i, // NVIDIA's NIM
  /requires --enable-auto-tool-choice/i, // vLLM
  /requires --tool-call-parser/i, // vLLM
  /tools param requires --jinja/i, // llama.cpp
  /unsupported param(?:eter)?: '?tools\b/i, // llama.cpp before 2025, OpenAI's o1-mini
  /unrecognized request arguments? supplied:[^.]{0,80}\btools\b/i, // Azure
  /no endpoints found that support tool use/i, // OpenRouter
  /\btool calling`? is not supported/i, // Groq
  /(?<![\w/.-])(?:tools|functions|function call(?:ing|s)?|tool use|tool calls)\b['`"]?(?: parameter)? (?:is|are) not (?:supported|enabled|available)/i,
  /function calling is not enabled/i, // Mistral
  /not support the parameters?:? ['`"]?(?:tools|functions)\b/i, // Qianfan
  /\bextra_forbidden\b[^\n]{0,40}\bbody\b["', ]{1,6}tools["'],? ?[\])]|(?<![\w.-])tools\b['"`]?:? extra inputs are not permitted/i, // pydantic, of the field itself and not of one within it
  /\brole\b[^\n]{0,20}input should be (?!.{0,80}'tool').{0,80}'assistant'/i, // Perplexity, of a result of a tool
  /invalid value: 'tool'\. supported values are/i, // OpenAI's protocol before 2024
  /(?:unsupported|unknown|invalid|unexpected) (?:message )?role:? ['`"]?(?:tool|function)\b(?!['`"]? (?:after|before|without|must|messages?|calls?)\b)/i,
  /\b(?:user or tool messages?|roles?|messages?)\b[^\n]{0,20}\bshould alternate\b/i, // Perplexity
  /only user and assistant roles are supported/i, // chat templates of Mistral
  /conversation roles must alternate/i, // chat templates without a place for tool results: Gemma, older Mistral
]

/** Whether an endpoint's error means that it takes no tool calls for this model. A refused `tool_choice` does not count. */
export function saysToolsRefused(error: { readonly status?: number | undefined; readonly message: string }): boolean {
  return error.status !== undefined && statuses.has(error.status) && texts.some((text) => text.test(error.message))
}
