import './zod-settings.js'
import 'bootstrap/dist/css/bootstrap.css'
import './styles/main.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { queryClient } from './api/query-client.js'
import { startLanguage } from './i18n/i18n.js'
import { refreshKeptPages } from './kept-pages.js'
import { PageBoundary } from './pages/PageBoundary.js'
import { Pages } from './routes.js'
import { startTheme } from './theme.js'

startTheme()
refreshKeptPages()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// Not awaited at the top: a language's file imports from ours, which would then wait for itself.
void startLanguage().then(() =>
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <PageBoundary>
          <Pages />
        </PageBoundary>
      </BrowserRouter>
    </QueryClientProvider>,
  ),
)
