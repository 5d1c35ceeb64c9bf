import { useFormContext } from 'react-hook-form'
import { useWords } from '../i18n/use-words.js'
import { Field } from './Field.js'
import { findNameProblem } from './find-name-problem.js'
import { Icon } from './Icon.js'
import { useNameCheck } from './use-name-check.js'

/** The name, checked while typing, and the address that follows from it. */
export function NameField({ baseDomain }: { baseDomain: string }) {
  const { t } = useWords()
  const { register, watch, formState } = useFormContext<{ name: string }>()
  const name = watch('name')
  const { problem, free } = useNameCheck(name)
  return (
    <Field
      label={t('site.name')}
      className="field-large"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      suffix={`.${baseDomain}`}
      error={problem ?? formState.errors.name?.message}
      hint={
        <span role="status">
          {free && (
            <span className="text-ok">
              <Icon name="check2" /> {t('name.free')}
            </span>
          )}
          {!free && !problem && t('name.hint')}
        </span>
      }
      {...register('name', {
        setValueAs: (text: string) => text.trim().toLowerCase(),
        validate: (text) => {
          const wrong = findNameProblem(text)
          return wrong === undefined || t(`name.${wrong}`)
        },
      })}
    />
  )
}
