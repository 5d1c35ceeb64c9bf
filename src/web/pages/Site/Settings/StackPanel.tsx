import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { type Stack, stackName } from '../../../../model/stack.js'
import type { StackChoices } from '../../../../model/template-info.js'
import { callApi } from '../../../api/call-api.js'
import { followOperation } from '../../../api/followed.js'
import { showOperation } from '../../../api/power.js'
import { siteDefaultsQuery } from '../../../api/sites.js'
import { useStackWords } from '../../../i18n/use-stack-words.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Dialog } from '../../../parts/Dialog.js'
import { DialogFooter } from '../../../parts/DialogFooter.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { StackFields } from '../../../parts/StackFields.js'
import { useSite } from '../use-site.js'

async function follow(name: string, started: Promise<{ operation: string }>): Promise<void> {
  const { operation } = await started
  followOperation(operation)
  showOperation(name, operation)
}

function ChangeForm({ choices, onClose }: { choices: StackChoices; onClose: () => void }) {
  const { t } = useWords()
  const { name, stack } = useSite()
  const form = useForm<Stack>({ defaultValues: stack })
  const [error, setError] = useState<Error>()
  const isSame = stackName(form.watch()) === stackName(stack)
  const { isSubmitting } = form.formState
  const submit = form.handleSubmit(async (body) => {
    await follow(name, callApi('changeStack', { params: { name }, body })).then(onClose, setError)
  })
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className="dialog-body">
        <p>{t('stackChange.warning')}</p>
        <StackFields form={form} choices={choices} />
        {error && <ErrorNote error={error} />}
      </div>
      <DialogFooter action={t('stackChange.change')} busy={isSubmitting} disabled={isSame} onClose={onClose} />
    </form>
  )
}

function ChangeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const { data, error } = useQuery(siteDefaultsQuery)
  return (
    <Dialog title={t('stackChange.change')} onClose={onClose} wide>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && <ChangeForm choices={data.choices} onClose={onClose} />}
    </Dialog>
  )
}

/** What the site is made of, how it gets another stack, and back. */
export function StackPanel() {
  const { t } = useWords()
  const { stackOf } = useStackWords()
  const { name, stack, formerStack, operation } = useSite()
  const [open, setOpen] = useState<'change' | 'undo'>()
  const close = () => setOpen(undefined)
  const busy = operation !== undefined
  return (
    <section className="panel panel-body" aria-labelledby="stack-title">
      <h2 id="stack-title">{t('stackChange.title')}</h2>
      <p>{stackOf(stack)}</p>
      <div className="sleep-choice">
        <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => setOpen('change')}>
          <Icon name="pencil" />
          {t('stackChange.change')}
        </button>
        {formerStack && (
          <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => setOpen('undo')}>
            <Icon name="arrow-left" />
            {t('stackChange.undo', { stack: stackOf(formerStack) })}
          </button>
        )}
      </div>
      {open === 'change' && <ChangeDialog onClose={close} />}
      {open === 'undo' && formerStack && (
        <ConfirmDialog
          title={t('stackChange.undo', { stack: stackOf(formerStack) })}
          action={t('stackChange.undoAction')}
          onConfirm={() => follow(name, callApi('undoStack', { params: { name } }))}
          onClose={close}
        >
          <p className="mb-0">{t('stackChange.undoText')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
