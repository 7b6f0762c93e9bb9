// The words in which servers say that no service of theirs is at a path. Each is the wording of a real server.
const texts = [
  /^"?(?:error:? ?)?(?:404:? )?(?:page )?not found[.!"]?$/i, // FastAPI, Go, llama.cpp
  /^404 page not found$/i, // Ollama; NVIDIA of a model that it does not have
  /^no further word$/, // Gemini, Text Generation Inference: without a body
  /^a web page, not an API's answer/, // by `errorBodies`
  /\b(?:invalid|unknown(?: request)?) url\b/i, // OpenAI, Groq
  /\bcannot (?:get|post) \//i, // Express
  /\bno (?:static resource|route|handler)\b|\broute\b[^]{0,120}\bnot (?:found|exist)/i, // Spring, Fastify, gateways
  /^resource not found$/i, // Azure
  /\b(?:requested )?(?:url|uri|path|endpoint)\b[^]{0,120}\b(?:not found|does(?: not|n't) exist|not supported)/i, // Google's front ends, gateways
]
/** LM Studio's, which it gives with status 200. */
const withoutStatus = /\bunexpected endpoint or method\b/i
/** Then it is what was asked for at the right address that is not there. */
const ofModel = /\bmodels?\b|\bdeployment\b/i

/** Whether a refusal means that nothing is at the path that was asked, so that the base URL is wrong. */
export const saysWrongAddress = ({ status, message }: { readonly status?: number | undefined; readonly message: string }): boolean =>
  withoutStatus.test(message) || status === 405 || (status === 404 && !ofModel.test(message) && texts.some((text) => text.test(message.trim())))
