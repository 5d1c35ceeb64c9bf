import { useFormContext } from 'react-hook-form'
import type { SiteModel } from '../../../model/site-model.js'
import { stackName } from '../../../model/stack.js'
import type { StackChoices } from '../../../model/template-info.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { toLimits } from '../../parts/limit-form.js'
import type { CreateForm } from './create-form.js'

/** In one sentence what a click on the button makes. */
export function Summary({
  baseDomain,
  choices,
  models,
}: {
  baseDomain: string
  choices: StackChoices
  models: SiteModel[]
}) {
  const { t, bytes, cores } = useWords()
  const { stackOf } = useStackWords()
  const form = useFormContext<CreateForm>().watch()
  const model = models.find(({ name }) => name === form.model)
  const limits = toLimits(form.limits)
  const known = (value: number) => (Number.isNaN(value) ? undefined : value)
  return (
    <div className="summary">
      <p className="mb-0">
        {t('create.summary', {
          address: [`${form.name}.${baseDomain}`, form.domain.trim()].filter(Boolean).join(', '),
          stack: stackOf(model?.stack ?? form),
          cpu: t('create.cores', { cores: cores(known(limits.cpuMilli)), count: limits.cpuMilli / 1000 || 1 }),
          memory: bytes(known(limits.memoryBytes)),
          disk: bytes(known(limits.diskBytes)),
        })}
      </p>
      {!model && !choices.built.includes(stackName(form)) && (
        <p className="summary-note">
          <Icon name="clock" /> {t('create.notBuilt')}
        </p>
      )}
    </div>
  )
}
