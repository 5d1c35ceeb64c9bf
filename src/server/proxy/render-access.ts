import type { ServedSettings } from '../../model/site-settings.js'
import { fileLiteral, visitorsLiteral } from './literals.js'
import { SITE_HEADERS } from './render-headers.js'

/** Asked inside for each request of a site that only some people may see; no visitor can ask for it. */
export const CHECK_PATH = '/.well-known/ruche/check'
/** Where the panel sends a visitor back to, with a ticket. */
export const ENTER_PATH = '/.well-known/ruche/enter'

/** Who may come in: by address, and by password or by the directory. */
export function renderAccess(input: { folder: string }, name: string, settings: ServedSettings): string {
  return renderAddresses(settings) + RENDER[settings.visitors](input, name, settings)
}

function renderAddresses({ allow, deny }: ServedSettings): string {
  return [
    ...deny.map((network) => `  deny ${visitorsLiteral(network)};\n`),
    ...allow.map((network) => `  allow ${visitorsLiteral(network)};\n`),
    ...(allow.length > 0 ? ['  deny all;\n'] : []),
  ].join('')
}

const RENDER: Record<
  ServedSettings['visitors'],
  (input: { folder: string }, name: string, settings: ServedSettings) => string
> = {
  everybody: () => '',
  // The status stays 401, else no browser would ask.
  password: ({ folder }, name) => `  auth_basic "${name}";
  auth_basic_user_file ${fileLiteral(folder, `door-${name}.passwords`)};
  error_page 401 @password;
${SITE_HEADERS}  proxy_set_header Authorization "";
`,
  people: () => `  auth_request ${CHECK_PATH};
  error_page 401 = @sign-in;
  error_page 500 = @unavailable;
${SITE_HEADERS}  proxy_set_header Cookie $cookie_without_pass;
`,
}

/** The file of names and hashes that nginx reads when somebody asks. */
export function renderPasswords({ visitorName, passwordHash = '' }: ServedSettings): string {
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(visitorName) || !/^\$6\$[A-Za-z0-9./=$]{20,200}$/.test(passwordHash))
    throw new Error('this is no name with a hash')
  return `${visitorName}:${passwordHash}\n`
}
