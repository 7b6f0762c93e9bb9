import { attribute, type Attributes } from './xml.ts'

const fields = new Set(['combobox', 'date', 'formatted-text', 'number', 'text', 'textarea', 'time'])
const isOn = (value: string | undefined): boolean => value === 'checked' || value === 'true'

/** What is filled into a field of a form of LibreOffice, as `name: value`; undefined for what is no field, or empty. */
export function fieldText(name: string, attributes: Attributes): string | undefined {
  const given = (...keys: readonly string[]): string | undefined => keys.map((key) => attribute(attributes, key)).find((value) => value !== undefined)
  if (fields.has(name)) {
    const value = given('current-value', 'value')?.trim() ?? ''
    return value === '' ? undefined : `${given('name') ?? ''}: ${value}`.replace(/^: /, '')
  }
  if (name === 'checkbox' || name === 'radio') return `${isOn(given('current-state', 'state', 'current-selected', 'selected')) ? '☒' : '☐'} ${given('label', 'name') ?? ''}`.trim()
  return name === 'option' && isOn(given('current-selected', 'selected')) ? given('label', 'value') : undefined
}
