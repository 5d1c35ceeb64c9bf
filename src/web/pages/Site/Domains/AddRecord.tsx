import { useState } from 'react'
import type { Site } from '../../../../model/site.js'
import { APEX, RECORD_TYPES, type RecordType, RecordWish } from '../../../../model/zone-record.js'
import { ApiError } from '../../../api/api-error.js'
import { addRecord } from '../../../api/zone-records.js'
import { translateServerText } from '../../../i18n/server-texts.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { SelectField } from '../../../parts/fields.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'

/** What a value of each type looks like (RFC 5737, RFC 3849, RFC 2606). */
const EXAMPLES: Record<RecordType, string> = {
  A: '192.0.2.1',
  AAAA: '2001:db8::1',
  CNAME: 'www.example.org',
  MX: '10 mail.example.org',
  TXT: 'v=spf1 -all',
  SRV: '0 5 5060 sip.example.org',
  CAA: '0 issue "ca.example.org"',
}

/** What people type into DNS is neither words nor names of theirs. */
const PLAIN = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false }

type Problems = Partial<Record<string, string>>

/** What is wrong, by field, as far as a field is named. */
function findProblems(error: unknown): Problems {
  if (!(error instanceof ApiError) || !error.fields) return {}
  return Object.fromEntries(error.fields.map(({ path, message }) => [path, message]))
}

/** Asks for one record more below the site's platform name. */
export function AddRecord({ site, host }: { site: Site; host: string }) {
  const { t, language } = useWords()
  const [name, setName] = useState('')
  const [type, setType] = useState<RecordType>('TXT')
  const [value, setValue] = useState('')
  const [problems, setProblems] = useState<Problems>({})
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const say = (text: string | undefined) => text && (translateServerText(text, language) ?? text)
  const add = async () => {
    setProblems({})
    setError(undefined)
    const wish = RecordWish.safeParse({ name: name.trim() || APEX, type, value })
    if (!wish.success)
      return setProblems(Object.fromEntries(wish.error.issues.map(({ path, message }) => [String(path[0]), message])))
    setBusy(true)
    try {
      await addRecord(site.name, wish.data)
      setName('')
      setValue('')
    } catch (reason) {
      const found = findProblems(reason)
      setProblems(found)
      if (!found.name && !found.value) setError(reason as Error)
    }
    setBusy(false)
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <div className="add-line add-line-4">
        <Field
          {...PLAIN}
          label={t('domains.recordName')}
          placeholder={APEX}
          hint={t('records.nameHint', {
            host: name.trim() === '' || name.trim() === APEX ? host : `${name.trim()}.${host}`,
          })}
          value={name}
          error={say(problems.name)}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t('domains.recordType')}
          value={type}
          onChange={(event) => setType(event.target.value as RecordType)}
        >
          {RECORD_TYPES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <Field
          {...PLAIN}
          label={t('domains.recordValue')}
          placeholder={EXAMPLES[type]}
          value={value}
          error={say(problems.value)}
          onChange={(event) => setValue(event.target.value)}
        />
        <button type="submit" className="btn btn-quiet" disabled={busy}>
          {busy ? <Spinner /> : <Icon name="plus-lg" size={14} />}
          {t('action.add')}
        </button>
      </div>
      {error && <ErrorNote error={error} />}
    </form>
  )
}
