# One of the crowd: Ruby's xmlrpc by route.
require 'xmlrpc/client'

$stdout.sync = true
$client = XMLRPC::Client.new2(ENV.fetch('CROWD_XMLRPC'), nil, 60)

def route(action, input)
  answer = $client.call('iworx.route', ENV.fetch('CROWD_KEY'), '/nodeworx/siteworx', action, input)
  raise "#{action}: #{answer['status']} #{answer['payload']}" unless answer['status'].zero?

  answer['payload']
end

name = ENV.fetch('CROWD_NAME')
ends = Process.clock_gettime(Process::CLOCK_MONOTONIC) + Float(ENV.fetch('CROWD_SECONDS'))
round = 0
while Process.clock_gettime(Process::CLOCK_MONOTONIC) < ends
  domain = "#{name}-#{round}.com"
  begin
    route('add', { 'master_domain' => domain, 'uniqname' => "#{name}r#{round}", 'email' => 'me@example.com',
                   'password' => 'Correct-horse7', 'packagetemplate' => 'basic' })
    told = route('querySiteworxAccountDetails', { 'domain' => domain })
    case round % 4
    when 1 then route('edit', { 'domain' => domain, 'status' => 0 })
    when 2 then route('edit', { 'domain' => domain, 'packagetemplate' => 'pro' })
    when 3 then route('delete', { 'domain' => [domain] })
    end
    told = route('querySiteworxAccountDetails', { 'domain' => domain }) unless round % 4 == 3
    state = round % 4 == 3 ? 'parked' : told['status']
    puts "told #{domain} #{state} #{told['package_name']}"
  rescue StandardError => e
    puts "error #{e.message.inspect}"
    break
  end
  round += 1
end
puts 'end'
