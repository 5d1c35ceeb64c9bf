import { useMe } from '../../api/me.js'
import { useWords } from '../../i18n/use-words.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Keys } from './Keys.js'
import { Sessions } from './Sessions.js'
import { Tokens } from './Tokens.js'

/** What a person keeps for themselves: SSH keys, tokens, and where they are signed in. */
export function Profile() {
  const { t } = useWords()
  const { name, login } = useMe()
  return (
    <div className="narrow">
      <PageHeader title={t('nav.profile')} below={<p className="text-body-secondary mb-0">{`${name} · ${login}`}</p>} />
      <Keys />
      <Tokens />
      <Sessions />
    </div>
  )
}
