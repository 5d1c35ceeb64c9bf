import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PersonToken } from '../../../model/profile.js'
import { removeToken, tokensQuery } from '../../api/profile.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { RemoveButton } from '../../parts/RemoveButton.js'
import { ProfilePanel } from './ProfilePanel.js'
import { TokenDialog } from './TokenDialog.js'

function TokenItem({ token }: { token: PersonToken }) {
  const { t, ago, date } = useWords()
  const expired = Date.parse(token.expiresAt) < Date.now()
  return (
    <li>
      <Icon name="code-slash" />
      <span className="flex-grow-1 text-break">
        {token.name} <span className="tag">{t(`profile.scope.${token.scope}`)}</span>{' '}
        {token.site && <span className="tag">{token.site}</span>}
        <span className={expired ? 'row-note text-bad' : 'row-note'}>
          {t(expired ? 'profile.expired' : 'profile.expires', { when: date(token.expiresAt) })}
        </span>
        <span className="row-note">
          {token.lastUsedAt
            ? t('profile.used', { ago: ago(token.lastUsedAt), from: token.lastUsedFrom ?? '–' })
            : t('profile.unused')}
        </span>
      </span>
      <RemoveButton
        label={t('profile.tokenRemove', { name: token.name })}
        text={t('profile.tokenRemoveText')}
        action={t('action.remove')}
        onRemove={() => removeToken(token.id)}
      />
    </li>
  )
}

/** What programs use in the person's name. */
export function Tokens() {
  const { t } = useWords()
  const query = useQuery(tokensQuery)
  const [adding, setAdding] = useState(false)
  return (
    <>
      <ProfilePanel
        title={t('profile.tokens')}
        text={t('profile.tokensText')}
        none={t('profile.noTokens')}
        query={query}
        button={
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => setAdding(true)}>
            <Icon name="plus-lg" size={14} />
            {t('profile.tokenAdd')}
          </button>
        }
      >
        {(token) => <TokenItem key={token.id} token={token} />}
      </ProfilePanel>
      {adding && <TokenDialog onClose={() => setAdding(false)} />}
    </>
  )
}
