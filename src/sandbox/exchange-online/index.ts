export { exchangeService, manageRole } from './service.ts';
