import { expect, test } from 'vitest'
import { thinkingIn } from '../../src/model/thinking.ts'

test.for([
  '<think>\nOf tea.\n</think>\n\nHello',
  'Of tea.\n</think>\nHello',
  '<reasoning>Of tea.</reasoning>Hello',
  '<thought>Of tea.</thought>Hello',
  '<seed:think>Of tea.</seed:think>Hello',
  '<mm:think>Of tea.</mm:think>Hello',
  '◁think▷Of tea.◁/think▷Hello',
  '<|START_THINKING|>Of tea.<|END_THINKING|><|START_RESPONSE|>Hello<|END_RESPONSE|>',
  'analysisOf tea.assistantfinalHello',
  '<|channel>thought\nOf tea.<channel|>Hello',
  '<|channel|>analysis<|message|>Of tea.<|end|><|start|>assistant<|channel|>final<|message|>Hello<|return|>',
  '<|start|>assistant<|channel|>analysis<|message|>Of tea.<|end|><|start|>assistant<|channel|>final<|message|>Hello',
])('thoughts are told from the reply in %j, as its server has left it (vllm #32587, mlx-lm #875) [step:inner-thoughts]', (text) => {
  expect(thinkingIn(text)).toEqual({ thinking: 'Of tea.', rest: 'Hello' })
})

test('thoughts that are parted, or cut off, are no reply [step:inner-thoughts]', () => {
  expect(thinkingIn('<think>One.</think>\n<think>Two.</think>Hello')).toEqual({ thinking: 'One.\n\nTwo.', rest: 'Hello' })
  expect(thinkingIn('<think>One.</think><think>Two')).toEqual({ thinking: 'One.\n\nTwo', rest: '' })
  expect(thinkingIn('<|channel|>analysis<|message|>Of tea')).toEqual({ thinking: 'Of tea', rest: '' })
  expect(thinkingIn('<|channel|>commentary to=functions.send_message <|constrain|>json<|message|>{"message":"Hi"}<|call|>')).toEqual({ thinking: '{"message":"Hi"}', rest: '' })
  for (const text of ['analysisOf tea, which', 'analysis of teaassistantfinalHello', 'An analysisOf tea.assistantfinalHello', 'analysisOf "assistantfinal"assistantfinalHello']) expect(thinkingIn(text)).toEqual({ thinking: '', rest: text })
  expect(thinkingIn('The channel <|channel|> is a mark.')).toEqual({ thinking: '', rest: 'The channel <|channel|> is a mark.' })
})
