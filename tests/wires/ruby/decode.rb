# What Ruby's xmlrpc makes of answers: ["base64", ...] in, out for each its value with every type named.
require 'json'
require 'xmlrpc/parser'

def named(value)
  case value
  when Hash then ['struct', value.sort.map { |name, member| [name, named(member)] }]
  when Array then ['array', value.map { |item| named(item) }]
  when true, false then ['boolean', value]
  when Integer then ['int', value]
  when Float then ['double', value]
  when String then ['string', value.dup.force_encoding('UTF-8')]
  when XMLRPC::DateTime then ['moment', value.to_a]
  when XMLRPC::FaultException then ['fault', value.faultCode, value.faultString]
  else ['unknown', value.class.name]
  end
end

answers = JSON.parse($stdin.read).map do |answer|
  parser = XMLRPC::XMLParser::REXMLStreamParser.new
  named(parser.parseMethodResponse(answer.unpack1('m').force_encoding('UTF-8')).last)
end
puts JSON.generate(answers)
