import { PerdureError } from '../protocol/errors.ts'

/**
 * Loads a part of Perdure whose packages need be installed only where it is used.
 * @param options.what the part, for a person: "these stores"
 * @throws PerdureError `config-invalid` where one of the packages is not installed
 */
export async function withPackages<Module>({ what, packages }: { readonly what: string; readonly packages: readonly string[] }, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && packages.some((name) => error.message.includes(`'${name}'`))
    if (!missing) throw error
    throw new PerdureError('config-invalid', `${what} need ${packages.join(' and ')}, which can't be found; run \`npm install ${packages.join(' ')}\``, { cause: error })
  }
}
