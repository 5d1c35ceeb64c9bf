import type { FieldError } from '../../../../model/errors.js'
import type { SettingsChange, SiteSettings } from '../../../../model/site-settings.js'

/** The settings as they stand in a form: lists as lines of text, and a password that is only ever set. */
export interface VisitorsForm
  extends Omit<SiteSettings, 'visitorGroups' | 'allow' | 'deny' | 'uploadBytes' | 'mainName' | 'redirects'> {
  visitorGroups: string
  allow: string
  deny: string
  uploadBytes: string
  password: string
  redirects: { from: string; to: string; status: string }[]
}

const split = (text: string, by: RegExp) =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '')
/** Names of groups hold commas. */
const toLines = (text: string) => split(text, /\n/)
const toNetworks = (text: string) => split(text, /[\n,]/)

export function toVisitorsForm({ mainName: _, ...settings }: SiteSettings): VisitorsForm {
  return {
    ...settings,
    visitorGroups: settings.visitorGroups.join('\n'),
    allow: settings.allow.join('\n'),
    deny: settings.deny.join('\n'),
    uploadBytes: String(settings.uploadBytes),
    password: '',
    redirects: settings.redirects.map((redirect) => ({ ...redirect, status: String(redirect.status) })),
  }
}

function toSettings(form: VisitorsForm): Omit<SiteSettings, 'mainName'> {
  const { password: _, ...rest } = form
  return {
    ...rest,
    visitorGroups: toLines(form.visitorGroups),
    allow: toNetworks(form.allow),
    deny: toNetworks(form.deny),
    uploadBytes: Number(form.uploadBytes),
    redirects: form.redirects.map(({ status, ...redirect }) => ({
      ...redirect,
      status: Number(status) as SiteSettings['redirects'][number]['status'],
    })),
  }
}

/** Only what differs from what the site has is sent. */
export function planSettings(settings: SiteSettings, form: VisitorsForm): SettingsChange {
  const differs = ([key, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(settings[key as keyof SiteSettings])
  const change = Object.fromEntries(Object.entries(toSettings(form)).filter(differs)) as SettingsChange
  return form.password === '' ? change : { ...change, password: form.password }
}

/** The input of the form that an error of the server is about: lists of lines are one input. */
export function findInput({ path }: FieldError): keyof VisitorsForm | `redirects.${number}.from` | undefined {
  const [first = '', second = '', third = ''] = path.replace(/^body\./, '').split('.')
  if (first === 'redirects' && /^\d+$/.test(second) && third !== '')
    return `redirects.${Number(second)}.${third}` as `redirects.${number}.from`
  return INPUTS.find((name) => name === first)
}

const INPUTS = [
  'forceHttps',
  'hsts',
  'maintenanceText',
  'visitorName',
  'visitorGroups',
  'allow',
  'deny',
  'uploadBytes',
  'cache',
  'notFoundText',
  'forbiddenText',
  'errorText',
  'password',
] as const satisfies readonly (keyof VisitorsForm)[]
