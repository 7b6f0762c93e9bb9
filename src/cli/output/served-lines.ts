import { readyLines } from '../../config/ready-lines.ts'

/** What is said once agents are served over HTTP: where, and who may come. */
export const servedLines = (url: string, access: string): string =>
  `${readyLines.http}\n  page      ${url}/\n  agents    ${url}/api/v1\n  OpenAPI   ${url}/openapi.json\n  access    ${access}; \`perdure keys\` makes, lists and revokes them`
