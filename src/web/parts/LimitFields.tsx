import { useFormContext } from 'react-hook-form'
import { Limits } from '../../model/limits.js'
import { useWords } from '../i18n/use-words.js'
import { Field } from './Field.js'
import { type LimitForm, type Room, toLimits } from './limit-form.js'

const FIELD = { cpuMilli: 'cores', memoryBytes: 'memoryMb', diskBytes: 'diskGb' } as const
const EXAMPLE: LimitForm = { cores: '1', memoryMb: '256', diskGb: '1' }

/** CPU, memory and disk of a site, in the units people use, each with what the quota leaves. For a form with `limits: LimitForm`. */
export function LimitFields({ room }: { room: Room }) {
  const { t, bytes, cores } = useWords()
  const { register, formState } = useFormContext<{ limits: LimitForm }>()
  const errors = formState.errors.limits
  const check = (name: keyof Room) => (value: string) => {
    const limit = toLimits({ ...EXAMPLE, [FIELD[name]]: value })[name]
    if (!Limits.shape[name].safeParse(limit).success) return t('limits.outOfRange')
    return limit <= room[name] || t('limits.overQuota')
  }
  return (
    <div className="limit-fields">
      <Field
        label={t('usage.cpu')}
        inputMode="decimal"
        suffix={t('limits.cores')}
        hint={t('limits.room', { left: cores(room.cpuMilli) })}
        error={errors?.cores?.message}
        {...register('limits.cores', { validate: check('cpuMilli') })}
      />
      <Field
        label={t('usage.memory')}
        inputMode="numeric"
        suffix={t('limits.megabytes')}
        hint={t('limits.room', { left: bytes(room.memoryBytes) })}
        error={errors?.memoryMb?.message}
        {...register('limits.memoryMb', { validate: check('memoryBytes') })}
      />
      <Field
        label={t('usage.disk')}
        inputMode="decimal"
        suffix={t('limits.gigabytes')}
        hint={t('limits.room', { left: bytes(room.diskBytes) })}
        error={errors?.diskGb?.message}
        {...register('limits.diskGb', { validate: check('diskBytes') })}
      />
    </div>
  )
}
