import { encryptionCodec } from '../codec/encryption.ts'
import { serveCodec } from '../codec/serve.ts'
import type { Config } from '../config/config.ts'
import { PerdureError } from '../protocol/errors.ts'
import { readyLines } from '../config/ready-lines.ts'
import { untilTerminated } from './until-terminated.ts'

/** Until SIGINT or SIGTERM. @throws PerdureError `config-invalid` without a key or a token, `port-busy` */
export async function runCodecServer({ encryption, codecServer }: Config): Promise<void> {
  const missing = [
    ...(encryption.length === 0 ? ['PERDURE_ENCRYPTION_KEYS is not set; the codec server needs the key ring of the workers'] : []),
    ...(codecServer.tokens.length === 0 ? ['PERDURE_CODEC_TOKENS is not set; whoever asks has to send one of them, make one by `openssl rand -hex 24`'] : []),
  ]
  if (missing.length > 0) throw new PerdureError('config-invalid', missing.join('\n  '))
  const served = await serveCodec({ codec: encryptionCodec(encryption), access: codecServer, onRefusal: (line) => console.error(`refused ${line}`) })
  console.log(
    [
      `${readyLines.codec} at ${served.url}`,
      `  keys      ${encryption.map(({ id }) => id).join(', ')}`,
      `  Web UI    ${served.url}/TOKEN as the codec server's endpoint, in pages of ${codecServer.origins.join(', ')}`,
      `  temporal  --codec-endpoint ${served.url} --codec-auth "Bearer TOKEN"`,
    ].join('\n'),
  )
  await untilTerminated()
  await served.close()
}
