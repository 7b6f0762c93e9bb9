import { controlSettingsOf, type DefinitionInForce } from '../protocol/definition.ts'
import type { DefinitionVersion } from '../stores/definitions.ts'

/** A version as its workflow is to know it: without its texts. */
export const inForceOf = ({ version, definition }: DefinitionVersion): DefinitionInForce => ({ version, settings: controlSettingsOf(definition) })
