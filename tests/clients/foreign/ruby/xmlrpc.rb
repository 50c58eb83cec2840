# frozen_string_literal: true

# Ruby's xmlrpc: the story by iworx.route, and the same service by its typed names.

require 'xmlrpc/client'
require_relative 'story'

SITEWORX = '/nodeworx/siteworx'
RESELLERS = '/nodeworx/reseller'
OPENING = {
  master_domain: DOMAIN, uniqname: UNIXNAME, email: 'me@example.com', nickname: NICKNAME,
  password: 'Correct-horse7', confirm_password: 'Correct-horse7', packagetemplate: 'basic'
}.freeze
CHANGED = "Account #{DOMAIN} has been changed."

SERVER = XMLRPC::Client.new2(ENV.fetch('IWAPI_URL'))

def done(ctrl, action, given = {})
  answer = SERVER.call('iworx.route', KEY, ctrl, action, given)
  raise answer.inspect unless answer['status'].zero?

  answer['payload']
end

def refused(action, given)
  answer = SERVER.call('iworx.route', KEY, SITEWORX, action, given)
  same 11, answer['status']
  answer['payload']
end

def details(*names)
  done(SITEWORX, 'querySiteworxAccountDetails', domain: DOMAIN).values_at(*names)
end

def edit(changes)
  done(SITEWORX, 'edit', { domain: DOMAIN, **changes })
end

reseller = 0
rows = -> { done(RESELLERS, 'listResellers').select { |row| row['reseller_id'] == reseller } }

puts "version #{Gem::Specification.find_by_name('xmlrpc').version}"

step('ping') { raise unless done('/nodeworx/overview', 'listVersion')['version'].match?(/\A\d+\.\d+/) }
step('create') { same "Account #{DOMAIN} has been created.", done(SITEWORX, 'add', OPENING) }
step('details') do
  same [DOMAIN, UNIXNAME, 'active', NICKNAME, 'basic', 1000, 0, ''],
       details('domain', 'unixuser', 'status', 'nickname', 'package_name', 'OPT_STORAGE', 'OPT_SSL', 'inactive_msg')
end
step('duplicate') do
  text = refused('add', OPENING)
  raise text unless text.include?('Domain name already exists') && text.include?('Unixname is already in use')
end
step('usage') do
  row, *others = done(SITEWORX, 'listBandwidthAndStorageInMB', domain: DOMAIN)
  same [DOMAIN, 1000, 10_240, []], [*row.values_at('domain', 'storage', 'bandwidth'), others]
  raise row.inspect if row['storage_used'].negative? || row['bandwidth_used'].negative?
end
step('suspend') { same CHANGED, edit(status: '0') }
step('suspended') { same ['inactive'], details('status') }
step('unsuspend') do
  edit(status: '1')
  same ['active'], details('status')
end
step('package') do
  edit(packagetemplate: 'pro')
  same ['pro', 5000, 100, 10, 1],
       details('package_name', 'OPT_STORAGE', 'OPT_BANDWIDTH', 'OPT_SUBDOMAINS', 'OPT_SSL')
end
step('password') { same CHANGED, edit(password: PASSWORD, confirm_password: PASSWORD) }
step('list') do
  found = done(SITEWORX, 'listAccounts').select { |row| row['domain'] == DOMAIN }
  same [[UNIXNAME, 'active']], found.map { |row| row.values_at('uniqname', 'status') }
end
step('reseller-create') do
  reseller = done(RESELLERS, 'add', {
    email: RESELLER, nickname: 'Reseller', password: 'Correct-horse7', confirm_password: 'Correct-horse7',
    RSL_OPT_STORAGE: 10_000, RSL_OPT_BANDWIDTH: 100, RSL_OPT_SITEWORX_ACCOUNTS: 5
  })['reseller_id']
  raise reseller.inspect unless reseller.is_a?(Integer) && reseller > 1
end
step('reseller-list') do
  same [[RESELLER, 'Reseller', 'active']], rows.call.map { |row| row.values_at('email', 'nickname', 'status') }
end
step('reseller-suspend') do
  %w[inactive active].each do |status|
    done(RESELLERS, 'edit', { reseller_id: reseller, status: status })
    same [status], rows.call.map { |row| row['status'] }
  end
end
step('reseller-delete') do
  done(RESELLERS, 'delete', { reseller_id: reseller })
  same [], rows.call
end
step('typed') do
  pong = SERVER.call('iwapi.ping', KEY)
  same ['admin@example.com', true, ['all'], 1], pong.values_at('email', 'master', 'scopes', 'nodeworx_id')
  account = SERVER.call('iwapi.getSiteWorxAccount', KEY, { domain: DOMAIN })
  same [NICKNAME, 'pro', 5000, true], account.values_at('nickname', 'package_name', 'OPT_STORAGE', 'OPT_SSL')
  found, fault = SERVER.call2('iwapi.getSiteWorxAccount', KEY, { domain: "no-#{DOMAIN}" })
  same [false, 3001], [found, fault.faultCode]
end
step('terminate') { same "Account #{DOMAIN} has been deleted.", done(SITEWORX, 'delete', domain: DOMAIN) }
step('gone') { refused('querySiteworxAccountDetails', domain: DOMAIN) }
step('stranger') { same 401, SERVER.call('iworx.route', 'nonsense', SITEWORX, 'listAccounts', {})['status'] }
puts 'end'
