import { effect, signal } from '@preact/signals'
import { read, write } from './stored.ts'

const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const kept = read('local', 'theme')
const theme = signal<Theme>(themes.find((one) => one === kept) ?? 'auto')

effect(() => {
  document.documentElement.dataset['theme'] = theme.value
  write('local', 'theme', theme.value === 'auto' ? undefined : theme.value)
})

const words: Readonly<Record<Theme, string>> = { auto: 'as the system has it', light: 'light', dark: 'dark' }
const signs: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' }

export function ThemeSwitch() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'auto'
  return (
    <button type="button" class="quiet icon" title={`Colours: ${words[theme.value]}`} aria-label={`Colours: ${words[theme.value]}. Change to: ${words[next]}`} onClick={() => (theme.value = next)}>
      <span aria-hidden="true">{signs[theme.value]}</span>
    </button>
  )
}
