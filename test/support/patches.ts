// Mails, diffs and lists of files as git writes them, for tests that read patches, and what is said where they are none.
import { Failure } from '../../src/core/failure.ts';

export const diff = (name: string, to = 'EINVAL', from = 'EBUSY'): string => `diff --git a/${name} b/${name}
index 1111111..2222222 100644
--- a/${name}
+++ b/${name}
@@ -10,3 +10,3 @@ static int attach(void)
 \tif (taken)
-\t\treturn -${from};
+\t\treturn -${to};
 \treturn 0;
`;

export const stat = (...names: readonly string[]): string =>
  `---\n${names.map((name) => ` ${name} | 2 +-\n`).join('')} ${names.length} file${names.length > 1 ? 's' : ''} changed, ${names.length} insertions(+), ${names.length} deletions(-)\n\n`;

export interface MailParts {
  readonly subject: string;
  readonly body: string;
  readonly headers?: string;
}

export const mail = ({ subject, body, headers = '' }: MailParts): string =>
  `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: A <a@localhost>\nSubject: ${subject}\n${headers}\n${body}-- \n2.39.5\n\n`;

export const patchMail = (subject: string, name = 'c.c'): string => mail({ subject, body: `Why.\n${stat(name)}${diff(name)}` });

export const quoted = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => (byte > 126 || byte === 61 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte)))
    .join('')
    .replaceAll('return', 'ret=\nurn');
export const base64 = (text: string): string => `${Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\n')}\n`;
export const transfer = (encoding: string, charset = 'UTF-8'): string =>
  `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding}\n`;
export const umlaut = diff('c.c').replace('taken', 'größe == 1');
export const one = { subject: '[PATCH] iommu: Größe', body: `${umlaut}`, headers: '' };

export const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure && error.code === 'bad-patch') return error.message;
    throw error;
  }
  return 'no failure';
};
