#!/usr/bin/perl

# SOAP::Lite by route, without a WSDL. It gives the parts names of its own, and a text that is not ASCII is base64.

use v5.32;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Route;
use SOAP::Lite;
use Story;

my $soap = SOAP::Lite->uri('urn:iworx')->proxy(told('URL'));

say "version $SOAP::Lite::VERSION";
Route::tell(sub {
    my ($apikey, $ctrl, $action, $given) = @_;
    my $answer = $soap->route($apikey, $ctrl, $action, SOAP::Data->type(map => $given));
    die $answer->faultstring if $answer->fault;
    return @{ $answer->result }{qw(status payload)};
});
